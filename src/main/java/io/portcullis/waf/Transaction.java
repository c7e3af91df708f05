package io.portcullis.waf;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One entry of ModSecurity's audit log, already masked.
 *
 * @param id the request's id
 * @param client the address it came from
 * @param method its method
 * @param path its path without query
 * @param status what was answered
 * @param matches the rules that spoke, in their order
 */
record Transaction(
    String id, String client, String method, String path, int status, List<Match> matches) {
  private static final int MAX_RULES = 32;

  /** Rules that refuse by the score of the others; those of our own carry a tag. */
  private static final Set<Integer> BY_SCORE = Set.of(949110, 949111, 959100, 959101);

  Transaction {
    matches = List.copyOf(matches);
  }

  /**
   * A rule that matched.
   *
   * @param ruleId its number
   * @param message what it looks for
   * @param target where it matched, e.g. {@code ARGS:title}
   * @param severity 0 (emergency) to 7 (debug)
   * @param group the kind of attack
   * @param verdict whether it is one of those that refuse
   * @param detection whether it belongs to a level above 1, which is looked for and not counted
   * @param score what it reports as the score; 0 for all but the one that sums up
   */
  record Match(
      int ruleId,
      String message,
      String target,
      int severity,
      RuleGroup group,
      boolean verdict,
      boolean detection,
      int score) {

    static boolean isVerdict(int ruleId, List<String> tags) {
      return BY_SCORE.contains(ruleId) || tags.contains("portcullis/verdict");
    }
  }

  /** Whether the firewall refused it, rather than only noticing something. */
  boolean refused() {
    return matches.stream().anyMatch(Match::verdict);
  }

  int score() {
    return matches.stream().mapToInt(Match::score).max().orElse(0);
  }

  /** The kind that most rules named; those of the refusing level count before the others. */
  RuleGroup group() {
    Map<RuleGroup, Integer> votes = new EnumMap<>(RuleGroup.class);
    RuleGroup best = RuleGroup.OTHER;
    int most = 0;
    for (Match match : matches) {
      // What refuses by score says nothing of the kind.
      if (match.group() == RuleGroup.OTHER) {
        continue;
      }
      int weight = match.detection() ? 1 : match.group() == RuleGroup.PROTOCOL ? 2 : 100;
      int count = votes.merge(match.group(), weight, Integer::sum);
      if (count > most) {
        most = count;
        best = match.group();
      }
    }
    return best;
  }

  WafBlock block() {
    Set<Integer> rules = new LinkedHashSet<>();
    for (Match match : matches) {
      if (rules.size() < MAX_RULES) {
        rules.add(match.ruleId());
      }
    }
    return new WafBlock(
        id, client, method, path, group().label(), new ArrayList<>(rules), score(), 0);
  }
}
