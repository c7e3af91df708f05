package io.portcullis.audit;

import io.portcullis.config.AuditConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** A disk that fails when told to, in the ways disks do. */
final class FaultyDisk implements JournalDisk {
  /** What fails. */
  enum Fault {
    NONE,
    CREATE,
    /** Half of the bytes arrive, as on a disk that fills up; they cannot be cut off either. */
    WRITE,
    /** All bytes arrive, whether they stay is unknown; they cannot be cut off either. */
    FORCE
  }

  private final JournalDisk disk;
  private final AtomicReference<Fault> fault = new AtomicReference<>(Fault.NONE);

  FaultyDisk(JournalDisk disk) {
    this.disk = disk;
  }

  /** A journal and the disk it is on. */
  record Used(Journal journal, FaultyDisk disk) {}

  static Used open(Path folder, AtomicLong lost) throws IOException {
    JournalFolder opened = JournalFolder.open(folder);
    FaultyDisk disk = new FaultyDisk(JournalDisk.in(opened));
    AuditConfig config = JournalFixture.config(1 << 26, 32_000);
    return new Used(Journal.open(opened, f -> disk, config, () -> {}, lost::addAndGet), disk);
  }

  void fail(Fault how) {
    fault.set(how);
  }

  private boolean fails(Fault how) {
    return fault.get() == how;
  }

  @Override
  public Output create(Path file) throws IOException {
    if (fails(Fault.CREATE)) {
      throw new IOException("No space left on device");
    }
    Output output = disk.create(file);
    return new Output() {
      @Override
      public void write(ByteBuffer bytes) throws IOException {
        if (fails(Fault.WRITE)) {
          output.write(bytes.slice(bytes.position(), bytes.remaining() / 2));
          throw new IOException("No space left on device");
        }
        output.write(bytes);
      }

      @Override
      public void force() throws IOException {
        if (fails(Fault.FORCE)) {
          throw new IOException("Input/output error");
        }
        output.force();
      }

      @Override
      public void truncate(long length) throws IOException {
        if (!fails(Fault.NONE)) {
          throw new IOException("Read-only file system");
        }
        output.truncate(length);
      }

      @Override
      public void close() throws IOException {
        output.close();
      }
    };
  }
}
