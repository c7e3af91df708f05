package io.portcullis.audit;

import static io.portcullis.audit.JournalFixture.append;
import static io.portcullis.audit.JournalFixture.bytes;
import static io.portcullis.audit.JournalFixture.readAll;
import static io.portcullis.audit.JournalFixture.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.audit.FaultyDisk.Fault;
import io.portcullis.model.AuditEvent.Weight;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFaultTest {
  private final Path temp;
  private final AtomicLong lost = new AtomicLong();

  JournalFaultTest(@TempDir Path temp) {
    this.temp = temp;
  }

  @Test
  void append_diskFailsInAnyWay_tellsTheSenderAndRecoversByItself() throws IOException {
    for (Fault fault : new Fault[] {Fault.CREATE, Fault.WRITE, Fault.FORCE}) {
      Path folder = temp.resolve(fault.name());
      FaultyDisk.Used faulty = FaultyDisk.open(folder, lost);
      try (Journal journal = faulty.journal()) {
        if (fault != Fault.CREATE) {
          append(journal, "one");
        }
        faulty.disk().fail(fault);
        for (int i = 0; i < 3; i++) {
          assertThrows(Journal.JournalException.class, () -> append(journal, "refused"));
          assertTrue(journal.failing());
        }
        faulty.disk().fail(Fault.NONE);
        until(
            "writes again",
            () ->
                journal
                    .append(Weight.NORMAL, bytes("two"))
                    .transform(done -> Future.succeededFuture(done.succeeded()))
                    .await());
        assertFalse(journal.failing());
        List<String> expected = fault == Fault.CREATE ? List.of("two") : List.of("one", "two");
        assertEquals(expected, readAll(journal), fault.name());
        Path crashed =
            JournalFixture.copyAsAfterCrash(folder, temp.resolve("crashed-" + fault.name()));
        try (Journal again = JournalFixture.open(crashed, lost)) {
          assertEquals(expected, readAll(again), "after a crash, " + fault);
        }
      }
    }
    assertEquals(0, lost.get());
  }

  @Test
  void anything_inRandomOrder_keepsWhatWasAcknowledgedInOrder() throws IOException {
    long seed = Long.getLong("portcullis.seed", System.nanoTime());
    System.out.println("JournalFaultTest seed " + seed);
    new JournalRandomRun(temp, new Random(seed), lost).run(100_000);
    assertEquals(0, lost.get(), "seed " + seed);
  }
}
