// SPDX-License-Identifier: Apache-2.0
// The JSON spelling of every catalog enumerator: one table for reading and printing.
#pragma once

#include "icplan/catalog/part.hpp"
#include "icplan/json/object_reader.hpp"

#include <array>

namespace icplan {

inline constexpr std::array<json::Name<Basis>, 5> basis_words = {{{"datasheet", Basis::datasheet},
                                                                  {"secondary", Basis::secondary},
                                                                  {"unconfirmed", Basis::unconfirmed},
                                                                  {"claim", Basis::claim},
                                                                  {"generic", Basis::generic}}};
inline constexpr std::array<json::Name<PartKind>, 11> part_kind_words = {{{"gpu", PartKind::gpu},
                                                                          {"node", PartKind::node},
                                                                          {"nic", PartKind::nic},
                                                                          {"switch", PartKind::switch_},
                                                                          {"cable", PartKind::cable},
                                                                          {"module", PartKind::module},
                                                                          {"fibre", PartKind::fibre},
                                                                          {"utp", PartKind::utp},
                                                                          {"rack", PartKind::rack},
                                                                          {"pdu", PartKind::pdu},
                                                                          {"accessory", PartKind::accessory}}};
inline constexpr std::array<json::Name<Form>, 10> form_words = {{{"osfp", Form::osfp},
                                                                 {"qsfp-dd", Form::qsfp_dd},
                                                                 {"qsfp112", Form::qsfp112},
                                                                 {"qsfp56", Form::qsfp56},
                                                                 {"qsfp28", Form::qsfp28},
                                                                 {"sfp112", Form::sfp112},
                                                                 {"sfp56", Form::sfp56},
                                                                 {"sfp28", Form::sfp28},
                                                                 {"rj45", Form::rj45},
                                                                 {"co-packaged", Form::co_packaged}}};
inline constexpr std::array<json::Name<Top>, 3> top_words = {{{"ihs", Top::ihs}, {"rhs", Top::rhs}, {"none", Top::none}}};
inline constexpr std::array<json::Name<Protocol>, 2> protocol_words = {{{"infiniband", Protocol::infiniband}, {"ethernet", Protocol::ethernet}}};
inline constexpr std::array<json::Name<CopperTechnology>, 4> technology_words = {
    {{"passive", CopperTechnology::passive}, {"acc", CopperTechnology::acc}, {"aec", CopperTechnology::aec}, {"aoc", CopperTechnology::aoc}}};
inline constexpr std::array<json::Name<Included>, 3> included_words = {{{"media", Included::media}, {"gpu", Included::gpu}, {"nic", Included::nic}}};

} // namespace icplan
