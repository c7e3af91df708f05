package io.portcullis.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/**
 * Guesses what was meant: the nearest known word by optimal string alignment distance (insertions,
 * deletions, substitutions, swaps of neighbours), with case and separators disregarded.
 */
final class Suggestion {
  private static final int LONGEST = 80;

  private Suggestion() {}

  /** {@code (did you mean "x"?)}, or nothing when no known word is near. */
  static String of(String word, Collection<String> known) {
    if (word.length() > LONGEST) {
      return "";
    }
    String bare = bare(word);
    return known.stream()
        .filter(candidate -> distance(bare, bare(candidate)) <= tolerance(bare))
        .min(
            Comparator.comparingInt((String candidate) -> distance(bare, bare(candidate)))
                .thenComparing(Comparator.naturalOrder()))
        .map(candidate -> " (did you mean \"" + candidate + "\"?)")
        .orElse("");
  }

  private static int tolerance(String word) {
    return Math.clamp(word.length() / 3, 1, 3);
  }

  private static String bare(String word) {
    return word.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
  }

  static int distance(String left, String right) {
    int[][] cost = new int[left.length() + 1][right.length() + 1];
    for (int i = 0; i <= left.length(); i++) {
      for (int j = 0; j <= right.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int substitution = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
        int best = Math.min(cost[i - 1][j], cost[i][j - 1]) + 1;
        best = Math.min(best, cost[i - 1][j - 1] + substitution);
        if (i > 1
            && j > 1
            && left.charAt(i - 1) == right.charAt(j - 2)
            && left.charAt(i - 2) == right.charAt(j - 1)) {
          best = Math.min(best, cost[i - 2][j - 2] + 1);
        }
        cost[i][j] = best;
      }
    }
    return cost[left.length()][right.length()];
  }
}
