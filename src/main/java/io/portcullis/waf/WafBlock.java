package io.portcullis.waf;

import java.util.List;

/**
 * A refused request as the audit trail keeps it: who, where, which rules. Nothing of what matched.
 *
 * @param requestId Nginx's id of the request
 * @param client the address it came from
 * @param method its method
 * @param path its path without query; what does not look like a name is masked
 * @param group the kind of attack, one of a bounded set
 * @param rules the ids of the rules that matched, at most 32
 * @param score the CRS' score; 0 when a rule of our own refused it before
 * @param unrecorded further refused requests of this address that got no event of their own
 */
public record WafBlock(
    String requestId,
    String client,
    String method,
    String path,
    String group,
    List<Integer> rules,
    int score,
    long unrecorded) {

  /** Copies the rules. */
  public WafBlock {
    rules = List.copyOf(rules);
  }

  WafBlock withUnrecorded(long count) {
    return new WafBlock(requestId, client, method, path, group, rules, score, count);
  }
}
