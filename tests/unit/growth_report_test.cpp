// SPDX-License-Identifier: Apache-2.0
// What a grown plan tells an orderer.
#include "support/catch.hpp"
#include "support/plans.hpp"

#include "icplan/report/report.hpp"

#include <algorithm>
#include <string>

using namespace icplan;
using namespace icplan::test;

TEST_CASE("what is to be bought is priced by the price list", "[growth]") {
  const auto spec = [](std::int64_t count) {
    return fill(R"({"name":"x","nodes":[{"group":"gpu","model":"nvidia-dgx-h100","count":$1,"unit":32,"nodes_per_rack":4}],
      "fabrics":[{"name":"compute","topology":"rail-optimized","leaf":"nvidia-qm9700","expandable_to":64}],"media":{"prices":"prices.csv"}})",
                {count});
  };
  const auto before = plan_spec(spec(32), {}, {{"prices.csv", "part,unit_price_usd,date\nnvidia-dgx-h100,300000.00,2026-01-01\n"}});
  INFO(before.text());
  REQUIRE(before.plan);
  const auto saved = save(*before.plan);
  const auto after = plan_spec(spec(40), {}, {{"prices.csv", "part,unit_price_usd,date\nnvidia-dgx-h100,310000.00,2026-06-01\n"}}, &saved);
  INFO(after.text());
  REQUIRE(after.plan);
  const auto sections = summarise_plan(*after.plan);
  const auto growth = std::find_if(sections.begin(), sections.end(), [](const Section& at) { return at.title == "Growth out of baseline x"; });
  REQUIRE(growth != sections.end());
  REQUIRE_FALSE(growth->notes.empty());
  // Eight nodes at the price of today.
  CHECK(growth->notes.front().find("to buy now: >= $2,480,000; ") == 0);
  CHECK(bom_csv(*after.plan).find("nvidia-dgx-h100,node,,,40,0,310000.00,12400000.00") != std::string::npos);
}
