// SPDX-License-Identifier: Apache-2.0
// Works out what a failure does, touching only what it reaches.
#pragma once

#include "failures_graph.hpp"
#include "icplan/analysis/failures.hpp"

#include <span>
#include <vector>

namespace icplan::failures {

/// What is gone: switches (vertices), links by their position in the network, and devices that the fabric joins.
struct Removal {
  std::vector<std::uint32_t> switches;
  std::vector<std::uint32_t> links;
  std::vector<DeviceId> members;

  void clear() { switches.clear(), links.clear(), members.clear(); }
};

/// Answers for one fabric. Everything it changes for an answer it puts back.
class Effects {
public:
  Effects(const Plan& plan, const SwitchLinks& graph, const Members& members);

  /// `stranded`: switches that stand, but lost their way to the largest part of their network. `alone`: switches that hold all ports that are left of their
  /// network, so that nothing has to leave them: they pass on what they did. Removed switches and links are distinct, and so are links and links of
  /// removed switches.
  [[nodiscard]] FailureOutcome of(const Removal& removal, std::span<const std::uint32_t> stranded, std::span<const std::uint32_t> alone);

private:
  enum class State : std::uint8_t { alive, dead, stranded };

  void touch(std::uint32_t vertex);
  void remove_switch(std::uint32_t vertex);
  void remove_link(std::uint32_t link);
  void remove_member(DeviceId device);
  void settle(std::span<const std::uint32_t> alone);
  void pass_down(std::uint32_t vertex, std::int64_t change);
  void touch_bundles(std::uint32_t vertex);
  void judge(FailureOutcome& outcome, std::uint32_t bundle, std::int64_t members, std::span<const std::uint32_t> missing);
  void judge_cut_ports(const Removal& removal, FailureOutcome& outcome);
  void put_back();

  const Plan& plan_;
  const SwitchLinks& graph_;
  const Members& members_;
  /// By vertex, and which vertices differ from what the graph says.
  std::vector<std::int64_t> below_;
  std::vector<std::int64_t> above_;
  std::vector<std::int64_t> share_;
  std::vector<State> state_;
  std::vector<bool> touched_;
  std::vector<std::uint32_t> touched_list_;
  std::vector<std::vector<std::uint32_t>> waiting_;
  /// By edge: Mb/s of removed links.
  std::vector<std::int64_t> lost_;
  std::vector<std::uint32_t> lost_list_;
  /// By bundle: members to be judged apart, or not at all.
  std::vector<std::int64_t> apart_;
  std::vector<bool> bundle_touched_;
  std::vector<std::uint32_t> touched_bundles_;
  std::vector<std::uint32_t> apart_list_;
  std::vector<std::int64_t> nic_;
};

} // namespace icplan::failures
