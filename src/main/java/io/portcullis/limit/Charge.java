package io.portcullis.limit;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.redis.KeySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * One limit of one request.
 *
 * @param rule the limit
 * @param key the Redis key, also the name in this node's own maps
 */
record Charge(LimitRule rule, String key) {
  /**
   * The limits that take part in a request.
   *
   * @throws Rejection {@code cost-exceeds-limit} when no waiting could make it pass
   */
  static List<Charge> of(List<LimitRule> rules, Admission admission) {
    List<Charge> charges = new ArrayList<>(rules.size());
    String prefix = "pc:{" + KeySegment.of(admission.group()) + "}:limit:";
    for (int i = 0; i < rules.size(); i++) {
      LimitRule rule = rules.get(i);
      String subject = rule.subject().apply(admission);
      if (!subject.isEmpty()) {
        if (admission.cost() > rule.max()) {
          throw Rejection.of(
              Problem.INVALID_REQUEST,
              "cost-exceeds-limit",
              "The request costs more than the limit " + rule.name() + " ever allows.");
        }
        charges.add(new Charge(rule, prefix + rule.name() + ":" + subject));
      }
    }
    return charges;
  }
}
