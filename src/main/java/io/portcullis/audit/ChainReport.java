package io.portcullis.audit;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is true of one chain.
 *
 * @param chain its name
 * @param entries how many entries were found sound, from the first one on
 * @param lastHash the hash of the last sound entry, in hexadecimal; write it down elsewhere, and
 *     nobody can replace the chain unnoticed
 * @param problem what is wrong, if anything
 */
public record ChainReport(
    String chain, long entries, String lastHash, Optional<ChainProblem> problem) {
  /** Whether nothing was changed, removed, added or reordered. */
  public boolean intact() {
    return problem.isEmpty();
  }

  /**
   * The first thing that is wrong.
   *
   * @param seq the entry at which it shows; empty when it concerns the chain as a whole
   * @param message one sentence that names entry and chain
   */
  public record ChainProblem(OptionalLong seq, String message) {}
}
