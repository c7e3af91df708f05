package io.portcullis.limit;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one limit on this node, by subject. Bounded: when it is full, the subject that was
 * not seen for the longest time is forgotten.
 *
 * <p>Somebody who rotates subjects to be forgotten gains nothing that the rotation itself does not
 * already give: for a second allowance he must first come as {@code most} others within a window.
 * And since each limit has its own map, rotating addresses does not push out users or tenants. Not
 * thread-safe.
 */
final class SubjectWindows {
  private final long widthMicros;
  private final LinkedHashMap<String, Subject> subjects;

  SubjectWindows(LimitRule rule, int most) {
    this.widthMicros = rule.bucketMicros();
    this.subjects =
        new LinkedHashMap<>(64, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Subject> eldest) {
            return size() > most;
          }
        };
  }

  /** A subject's window, and until when its refusals are no news. */
  static final class Subject {
    final StrictWindow window;
    long quietUntilMicros;

    Subject(long widthMicros, long nowMicros) {
      this.window = new StrictWindow(widthMicros);
      this.quietUntilMicros = nowMicros;
    }
  }

  Subject get(String key, long nowMicros) {
    Subject subject = subjects.get(key);
    if (subject == null) {
      subject = new Subject(widthMicros, nowMicros);
      subjects.put(key, subject);
    }
    return subject;
  }

  /** The subject if it is known; a question must not push anybody out. */
  @Nullable Subject find(String key) {
    return subjects.get(key);
  }

  int size() {
    return subjects.size();
  }
}
