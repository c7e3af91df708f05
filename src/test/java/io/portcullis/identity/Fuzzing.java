package io.portcullis.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/** Many random texts for one that verifies, from a seed that a failure names. */
final class Fuzzing {
  private final long seed = Long.getLong("portcullis.seed", System.nanoTime());
  private final Map<String, Integer> reasons = new TreeMap<>();
  final Random random = new Random(seed);

  /** Whether that is accepted; anything but that or a clean 401 at once fails the test. */
  boolean isAccepted(int run, Supplier<Future<?>> verification) {
    try {
      Future<?> outcome = verification.get();
      assertTrue(outcome.isComplete(), seeded(run));
      if (outcome.succeeded()) {
        return true;
      }
      Rejection rejection = (Rejection) outcome.cause();
      reasons.merge(rejection.reason(), 1, Integer::sum);
      assertEquals(Problem.UNAUTHENTICATED, rejection.problem(), rejection.reason());
      return false;
    } catch (RuntimeException | StackOverflowError e) {
      return fail(seeded(run), e);
    }
  }

  /** How to do that run again. */
  String seeded(int run) {
    return "-Dportcullis.seed=" + seed + " run " + run;
  }

  void report(Class<?> test) {
    LoggerFactory.getLogger(test).info("-Dportcullis.seed={}: refused {}", seed, reasons);
  }
}
