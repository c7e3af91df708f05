package io.portcullis.waf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** The corpus of attacks through the real Nginx and ModSecurity. */
@Timeout(300)
final class AttacksIT {
  private static final List<String> PLACES =
      List.of("query", "json", "json-name", "cookie", "header:User-Agent", "form");

  private final List<Attack> attacks = Corpus.attacks();

  @Test
  void attacks_atLevelOne_areRefusedButForTheListedOnes() {
    assertTrue(attacks.size() >= 300, "the corpus has " + attacks.size() + " cases");
    try (WafEdge edge = WafEdge.ours("waf-attacks")) {
      List<String> missed = missed(edge);
      assertEquals(new TreeSet<>(Corpus.misses()), new TreeSet<>(missed), "misses.tsv is exact");
      assertTrue(missed.size() * 20 <= attacks.size(), missed.size() + " got through");
    }
  }

  @Test
  void attacks_thatThePlainRuleSetStops_doNotGetThroughOurs(@TempDir Path folder)
      throws IOException {
    // Every value of the corpus in every place, beside the cases themselves.
    List<String> requests = new ArrayList<>(attacks.stream().map(Attack::bytes).toList());
    for (Corpus.Talk talk : Corpus.talk()) {
      talk.attack()
          .filter(attack -> attack.chars().allMatch(c -> c >= ' ' && c < 127))
          .ifPresent(attack -> PLACES.forEach(place -> requests.add(Attack.at(place, attack))));
    }
    List<Integer> plain;
    try (WafEdge edge = WafEdge.plain(folder)) {
      plain = edge.statuses(requests);
    }
    List<Integer> ours;
    try (WafEdge edge = WafEdge.ours("waf-beside")) {
      ours = edge.statuses(requests);
    }
    List<String> lost = new ArrayList<>();
    int stopped = 0;
    for (int i = 0; i < requests.size(); i++) {
      if (WafEdge.refused(plain.get(i))) {
        stopped++;
        if (!WafEdge.refused(ours.get(i))) {
          lost.add(requests.get(i));
        }
      }
    }
    assertTrue(stopped > requests.size() / 2, "the plain rule set works: it stops " + stopped);
    assertEquals(List.of(), lost);
  }

  @Test
  @EnabledIfEnvironmentVariable(
      named = "PORTCULLIS_CRS4",
      matches = ".+",
      disabledReason = "PORTCULLIS_CRS4 names no directory with the core rule set 4")
  void attacks_overTheCoreRuleSet4_areRefusedAsWell() {
    try (WafEdge edge = WafEdge.over("waf-crs4", Path.of(System.getenv("PORTCULLIS_CRS4")))) {
      List<String> missed = missed(edge);
      assertTrue(missed.size() * 20 <= attacks.size(), missed + " got through");
      List<String> talk = new ArrayList<>();
      Corpus.talk().forEach(message -> talk.add(TalkIT.message(message.text(), false)));
      assertEquals(List.of(), TalkIT.blocked(edge, talk));
    }
  }

  private List<String> missed(WafEdge edge) {
    List<Integer> statuses = edge.statuses(attacks.stream().map(Attack::bytes).toList());
    List<String> missed = new ArrayList<>();
    for (int i = 0; i < statuses.size(); i++) {
      if (!WafEdge.refused(statuses.get(i))) {
        missed.add(attacks.get(i).id());
      }
    }
    return missed;
  }
}
