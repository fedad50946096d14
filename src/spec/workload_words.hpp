// SPDX-License-Identifier: Apache-2.0
// The JSON spelling of the enumerators of workloads: one table for reading and printing.
#pragma once

#include "icplan/json/object_reader.hpp"
#include "icplan/spec/workload.hpp"

#include <array>

namespace icplan {

inline constexpr std::array<json::Name<WorkloadKind>, 3> workload_kind_words = {
    {{"training", WorkloadKind::training}, {"inference", WorkloadKind::inference}, {"requirement", WorkloadKind::requirement}}};
inline constexpr std::array<json::Name<TrafficPattern>, traffic_patterns> traffic_pattern_words = {{{"data", TrafficPattern::data},
                                                                                                    {"tensor", TrafficPattern::tensor},
                                                                                                    {"pipeline", TrafficPattern::pipeline},
                                                                                                    {"context", TrafficPattern::context},
                                                                                                    {"expert", TrafficPattern::expert}}};
inline constexpr std::array<json::Name<Sharding>, 3> sharding_words = {
    {{"replicated", Sharding::replicated}, {"sharded", Sharding::sharded}, {"resharded", Sharding::resharded}}};
inline constexpr std::array<json::Name<CountedAttention>, 3> attention_words = {
    {{"none", CountedAttention::none}, {"causal", CountedAttention::causal}, {"whole", CountedAttention::whole}}};
inline constexpr std::array<json::Name<Arithmetic>, 2> arithmetic_words = {{{"bf16", Arithmetic::bf16}, {"fp8", Arithmetic::fp8}}};
inline constexpr std::array<json::Name<bool>, 2> overlap_words = {{{"hidden", true}, {"exposed", false}}};

} // namespace icplan
