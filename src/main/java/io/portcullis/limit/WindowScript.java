package io.portcullis.limit;

import io.portcullis.redis.RedisLane;
import io.portcullis.redis.Reply;
import io.portcullis.redis.Script;
import io.vertx.core.Future;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The Java side of {@code strict-window.lua}: numbers travel as packed doubles, exact up to 2^53,
 * which is cheaper for Redis than text.
 */
final class WindowScript {
  /** Limits that one call can decide. */
  static final int MOST_LIMITS = 4;

  private static final Script SCRIPT = Script.load(WindowScript.class, "strict-window.lua");
  private static final VarHandle DOUBLES =
      MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

  private WindowScript() {}

  /** Decides; fails with a {@link io.portcullis.redis.RedisException}. */
  static Future<Reply> call(RedisLane lane, List<Charge> charges, int cost, Duration deadline) {
    byte[] args = new byte[8 + 16 * charges.size()];
    List<String> keys = new ArrayList<>(charges.size());
    put(args, 0, cost);
    for (int i = 0; i < charges.size(); i++) {
      LimitRule rule = charges.get(i).rule();
      keys.add(charges.get(i).key());
      put(args, 1 + 2 * i, rule.max());
      put(args, 2 + 2 * i, rule.bucketMicros());
    }
    return lane.evalsha(SCRIPT, keys, List.of(args), deadline);
  }

  /** What the script said. Times are microseconds. */
  static final class Verdict {
    private final byte[] bytes;

    /** Reads the reply, which is not copied. */
    Verdict(byte[] bytes) {
      if (bytes.length != 8 * (3 + 2 * MOST_LIMITS)) {
        throw new IllegalStateException("not a reply of the script");
      }
      this.bytes = bytes;
    }

    /** Index of the limit that refused and makes the request wait longest, or -1. */
    int violated() {
      return (int) get(bytes, 0) - 1;
    }

    /** When it was decided, by the clock of Redis. */
    long atMicros() {
      return get(bytes, 1);
    }

    long waitMicros() {
      return get(bytes, 2);
    }

    /** What is left of a limit; negative when its maximum was lowered meanwhile. */
    long left(int limit) {
      return get(bytes, 3 + 2 * limit);
    }

    long resetMicros(int limit) {
      return get(bytes, 4 + 2 * limit);
    }
  }

  private static void put(byte[] bytes, int index, long value) {
    DOUBLES.set(bytes, 8 * index, (double) value);
  }

  private static long get(byte[] bytes, int index) {
    return (long) (double) DOUBLES.get(bytes, 8 * index);
  }
}
