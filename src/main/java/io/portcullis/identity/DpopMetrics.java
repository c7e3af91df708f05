package io.portcullis.identity;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import java.util.HashMap;
import java.util.Map;

/** Counters of proofs, all registered at the start so that counting allocates nothing. */
final class DpopMetrics {
  private static final String PROOF_REASONS = "dpop-";

  private final Map<String, Counter> refused = new HashMap<>();
  private final Counter ok;
  private final Counter degraded;
  private final Counter unavailable;
  private final Counter failed;

  DpopMetrics(MeterRegistry registry) {
    ok = counter(registry, "ok", "none");
    degraded = counter(registry, "ok", "replay-guard-local");
    unavailable = counter(registry, "unavailable", "replay-guard-full");
    failed = counter(registry, "failed", "internal");
    for (Refusal refusal : Refusal.values()) {
      if (refusal.code().startsWith(PROOF_REASONS)) {
        String result = DpopVerifier.isChallenge(refusal.code()) ? "challenged" : "refused";
        refused.put(refusal.code(), counter(registry, result, refusal.code()));
      }
    }
  }

  private static Counter counter(MeterRegistry registry, String result, String reason) {
    return registry.counter("portcullis.dpop", "result", result, "reason", reason);
  }

  void ok() {
    ok.increment();
  }

  /** Taken on the word of this node alone. */
  void degraded() {
    degraded.increment();
  }

  void failed(Throwable cause) {
    if (cause instanceof Rejection rejection) {
      Counter counter =
          rejection.problem() == Problem.DEPENDENCY_UNAVAILABLE
              ? unavailable
              : refused.get(rejection.reason());
      if (counter != null) {
        counter.increment();
        return;
      }
    }
    failed.increment();
  }
}
