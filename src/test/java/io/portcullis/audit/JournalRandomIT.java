package io.portcullis.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The long form of the random test: some hundred crashes and faults of the disk. */
class JournalRandomIT {
  @Test
  void anything_inRandomOrderForLong_keepsWhatWasAcknowledgedInOrder(@TempDir Path temp)
      throws IOException {
    long seed = Long.getLong("portcullis.seed", System.nanoTime());
    System.out.println("JournalRandomIT seed " + seed);
    AtomicLong lost = new AtomicLong();
    new JournalRandomRun(temp, new Random(seed), lost).run(100_000);
    assertEquals(0, lost.get(), "seed " + seed);
  }
}
