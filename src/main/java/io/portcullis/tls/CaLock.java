package io.portcullis.tls;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One writer at a time, among the threads of this process and among processes. The lock is the
 * kernel's: it goes when its process goes, so the file that stays means nothing.
 */
final class CaLock implements AutoCloseable {
  static final String NAME = ".lock";

  private static final long POLL_NANOS = Duration.ofMillis(5).toNanos();

  /** A file lock belongs to the process; its threads need one of their own. Few directories. */
  private static final ConcurrentMap<Path, ReentrantLock> HERE = new ConcurrentHashMap<>();

  private final ReentrantLock thread;
  private final FileChannel channel;

  private CaLock(ReentrantLock thread, FileChannel channel) {
    this.thread = thread;
    this.channel = channel;
  }

  /**
   * Waits for the lock of a directory, within limits.
   *
   * @throws CaException when somebody else holds it for longer than the patience
   */
  static CaLock hold(Path directory, Duration patience) throws IOException {
    Path file = directory.toRealPath().resolve(NAME);
    long deadline = System.nanoTime() + patience.toNanos();
    ReentrantLock thread = HERE.computeIfAbsent(file, path -> new ReentrantLock());
    CaLock held = null;
    try {
      if (!thread.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw busy(directory);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CaException("interrupted while waiting for " + file, e);
    }
    try {
      FileChannel channel = open(file);
      held = acquired(channel, deadline) ? new CaLock(thread, channel) : null;
      if (held == null) {
        channel.close();
        throw busy(directory);
      }
      return held;
    } finally {
      if (held == null) {
        thread.unlock();
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      thread.unlock();
    }
  }

  private static FileChannel open(Path file) throws IOException {
    if (Files.isSymbolicLink(file)) {
      throw new CaException(file + " is a symbolic link");
    }
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private static boolean acquired(FileChannel channel, long deadline) throws IOException {
    @Nullable FileLock lock = channel.tryLock();
    while (lock == null && System.nanoTime() < deadline) {
      LockSupport.parkNanos(POLL_NANOS);
      lock = channel.tryLock();
    }
    return lock != null;
  }

  private static CaException busy(Path directory) {
    return new CaException("another process is changing " + directory + "; try again");
  }
}
