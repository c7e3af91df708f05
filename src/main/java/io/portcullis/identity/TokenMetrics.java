package io.portcullis.identity;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import java.util.HashMap;
import java.util.Map;

/** Counters of authentication, all registered at the start so that counting allocates nothing. */
final class TokenMetrics {
  private final Map<String, Counter> refused = new HashMap<>();
  private final Counter ok;
  private final Counter unavailable;
  private final Counter stateless;
  private final Counter failed;
  private final Counter hit;
  private final Counter miss;

  TokenMetrics(MeterRegistry registry) {
    ok = auth(registry, "ok", "none");
    unavailable = auth(registry, "unavailable", "identity-provider-unavailable");
    stateless = auth(registry, "unavailable", "state-unavailable");
    failed = auth(registry, "failed", "internal");
    for (Refusal refusal : Refusal.values()) {
      refused.put(refusal.code(), auth(registry, "refused", refusal.code()));
    }
    hit = registry.counter("portcullis.token.cache", "result", "hit");
    miss = registry.counter("portcullis.token.cache", "result", "miss");
  }

  private static Counter auth(MeterRegistry registry, String result, String reason) {
    return registry.counter("portcullis.auth", "result", result, "reason", reason);
  }

  void cacheHit() {
    hit.increment();
    ok.increment();
  }

  void cacheMiss() {
    miss.increment();
  }

  void ok() {
    ok.increment();
  }

  void failed(Throwable cause) {
    if (cause instanceof Rejection rejection) {
      if (rejection.problem() == Problem.DEPENDENCY_UNAVAILABLE) {
        (rejection.reason().equals("state-unavailable") ? stateless : unavailable).increment();
        return;
      }
      Counter counter = refused.get(rejection.reason());
      if (counter != null) {
        counter.increment();
        return;
      }
    }
    failed.increment();
  }
}
