package io.portcullis.audit;

import io.portcullis.audit.ChainReport.ChainProblem;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One look at one chain, from its first entry to the one that its head names. Not thread-safe. */
final class ChainWalk {
  private final Pages pages;
  private final String chain;
  private final long headSeq;
  private final byte[] headHash;
  private final ChainHash hash = new ChainHash();
  private byte[] previous = ChainHash.genesis();
  private long sound;

  ChainWalk(Pages pages, String chain, long headSeq, byte[] headHash) {
    this.pages = pages;
    this.chain = chain;
    this.headSeq = headSeq;
    this.headHash = headHash;
  }

  /** Reads some entries of a chain, in order, from behind a number. */
  interface Pages {
    /** Rows of seq, event_id, at, body, hash; empty when there are no more. */
    List<Object[]> after(String chain, long seq);
  }

  ChainReport run(@Nullable Object lastSeq) {
    long after = Long.MIN_VALUE;
    while (sound < headSeq) {
      List<Object[]> page = pages.after(chain, after);
      if (page.isEmpty()) {
        return broken("entry %d of chain %s is missing: the head says that there are %d", headSeq);
      }
      for (Object[] row : page) {
        ChainReport problem = next(row);
        if (problem != null) {
          return problem;
        }
        after = sound;
        if (sound == headSeq) {
          break;
        }
      }
    }
    return atTheEnd(lastSeq);
  }

  private @Nullable ChainReport next(Object[] row) {
    long seq = (Long) row[0];
    long expected = sound + 1;
    if (seq < expected) {
      return broken(
          chain,
          sound,
          previous,
          OptionalLong.of(seq),
          "entry %d of chain %s: chains begin with entry 1".formatted(seq, chain));
    }
    if (seq > expected) {
      return broken("entry %d of chain %s is missing: entry %d follows", seq);
    }
    String body = (String) row[3];
    byte[] link = hash.next(previous, chain, seq, body);
    if (!Arrays.equals(link, (byte[]) row[4])) {
      return broken("entry %d of chain %s: body does not match its hash", seq);
    }
    String wrong = wrong(body, (UUID) row[1], (Instant) row[2]);
    if (wrong != null) {
      return broken("entry %d of chain %s: " + wrong, seq);
    }
    previous = link;
    sound = seq;
    return null;
  }

  private @Nullable String wrong(String body, UUID eventId, Instant at) {
    if (!EventBody.canonical(body)) {
      return "body is not canonical JSON";
    }
    try {
      EventBody.Columns columns = EventBody.columns(body);
      if (!columns.eventId().equals(eventId)) {
        return "column event_id is not what the body says";
      }
      if (!columns.at().equals(at)) {
        return "column at is not what the body says";
      }
      return columns.chain().equals(chain) ? null : "body belongs to another chain";
    } catch (IllegalArgumentException e) {
      return "body is not an event";
    }
  }

  private ChainReport atTheEnd(@Nullable Object lastSeq) {
    if (headSeq < 1) {
      return broken("entry %d of chain %s: the head says that there is none (%d)", headSeq);
    }
    if (lastSeq instanceof Long last && last > headSeq) {
      return broken(
          "entry %d of chain %s is not covered by the head, which says that there are %d", headSeq);
    }
    if (!Arrays.equals(previous, headHash)) {
      return broken(
          chain,
          sound,
          previous,
          OptionalLong.of(headSeq),
          "entry %d of chain %s: the head has another hash".formatted(headSeq, chain));
    }
    return new ChainReport(chain, sound, hex(previous), Optional.empty());
  }

  private ChainReport broken(String format, long also) {
    String message = String.format(Locale.ROOT, format, sound + 1, chain, also);
    return broken(chain, sound, previous, OptionalLong.of(sound + 1), message);
  }

  static ChainReport broken(
      String chain, long sound, byte[] previous, OptionalLong seq, String message) {
    return new ChainReport(
        chain, sound, hex(previous), Optional.of(new ChainProblem(seq, message)));
  }

  private static String hex(byte[] hash) {
    return HexFormat.of().formatHex(hash);
  }
}
