package io.portcullis.command;

import io.portcullis.audit.AuditTail;
import io.portcullis.audit.ChainReport;
import io.portcullis.audit.ChainVerifier;
import io.portcullis.model.Rejection;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** What {@code portcullis audit} prints. */
final class AuditOutput {
  private static final Duration POLL = Duration.ofMillis(500);

  private final PrintWriter out;
  private final PrintWriter err;

  AuditOutput(PrintWriter out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  /** One line a chain, then the sum; returns the exit code. */
  int verify(ChainVerifier verifier, Optional<String> chain) {
    List<String> chains = chain.map(List::of).orElseGet(verifier::chains);
    if (chains.isEmpty()) {
      return end(1, "the trail is empty: there is nothing to prove");
    }
    long entries = 0;
    int broken = 0;
    for (String name : chains) {
      ChainReport report = verifier.verify(name);
      entries += report.entries();
      if (report.intact()) {
        out.printf(
            "%-14s intact  %9d entries  last %s%n", name, report.entries(), report.lastHash());
      } else {
        broken++;
        report.problem().ifPresent(p -> out.printf("%-14s BROKEN  %s%n", name, p.message()));
      }
    }
    return broken == 0
        ? end(0, "%d chains, %d entries: intact".formatted(chains.size(), entries))
        : end(1, "%d of %d chains: BROKEN".formatted(broken, chains.size()));
  }

  private int end(int exitCode, String line) {
    out.println(line);
    out.flush();
    return exitCode;
  }

  /**
   * The newest entries, or all when no number is given; with {@code follow}, those to come until
   * nobody reads any more. While it follows, at most a thousand of each chain are printed every
   * half a second, so that a reader behind a bounded buffer keeps up.
   */
  int tail(AuditTail tail, OptionalInt lines, Function<AuditTail.Line, String> form, boolean follow)
      throws InterruptedException {
    if (lines.isPresent()) {
      print(tail.newest(lines.getAsInt()), form);
    } else if (!follow) {
      while (print(tail.more(), form)) {}
    }
    boolean away = false;
    while (follow && !out.checkError()) {
      Thread.sleep(POLL);
      try {
        print(tail.more(), form);
        away = false;
      } catch (Rejection e) { // the database comes back, and we with it
        if (!away) {
          err.println("portcullis: the database is not available; waiting");
          err.flush();
        }
        away = true;
      }
    }
    return 0;
  }

  /** What the trail knows of a request; exit code 1 when that is nothing. */
  int why(String requestId, List<AuditTail.Line> lines, boolean json) {
    if (lines.isEmpty()) {
      return end(
          1,
          "the trail knows nothing of "
              + requestId
              + "; it has refusals by policy, of exceeded limits the first in each window");
    }
    lines.forEach(line -> out.println(json ? line.json() : line.explained()));
    out.flush();
    return 0;
  }

  /** Whether there was anything to print. */
  private boolean print(List<AuditTail.Line> lines, Function<AuditTail.Line, String> form) {
    lines.forEach(line -> out.println(form.apply(line)));
    out.flush();
    return !lines.isEmpty();
  }
}
