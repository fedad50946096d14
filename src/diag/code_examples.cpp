// SPDX-License-Identifier: Apache-2.0
// Finds the example of a code.
#include "code_examples.hpp"

#include <algorithm>
#include <stdexcept>

namespace icplan {
namespace {

const CodeExample* find_example(std::span<const CodeExample> examples, Code code) {
  const auto found =
      std::lower_bound(examples.begin(), examples.end(), code, [](const CodeExample& example, Code wanted) { return example.code < wanted; });
  return found != examples.end() && found->code == code ? &*found : nullptr;
}

} // namespace

std::string_view to_text(ExamplePlace place) {
  switch (place) {
  case ExamplePlace::top_level: return "at the top level of a spec";
  case ExamplePlace::node_group: return "in a node group";
  case ExamplePlace::fabric: return "in a fabric";
  case ExamplePlace::spec: return "a whole spec";
  case ExamplePlace::catalog: return "a catalog that is laid over the shipped ones";
  case ExamplePlace::node_part: return "in a node of an overlay catalog, where racks have limits";
  case ExamplePlace::price_list: return "a price list";
  case ExamplePlace::lengths: return "a file of lengths";
  case ExamplePlace::grown_top_level: return "at the top level of a spec that is planned with --baseline";
  case ExamplePlace::grown_node_group: return "in a node group that had 4 nodes in the plan that --baseline names";
  case ExamplePlace::words: break;
  }
  return "in words";
}

const CodeExample& code_example(Code code) {
  for (const auto examples : {design_examples(), cabling_examples()}) {
    if (const auto* example = find_example(examples, code)) return *example;
  }
  throw std::logic_error("a finding code has no example");
}

} // namespace icplan
