package io.portcullis.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * One system per directory. The operating system's file lock decides, and ends with the process
 * that holds it; the pid file beside it only names that process.
 */
final class InstanceLock implements AutoCloseable {
  private final FileChannel channel;
  private final PidFile pidFile;

  private InstanceLock(FileChannel channel, PidFile pidFile) {
    this.channel = channel;
    this.pidFile = pidFile;
  }

  /**
   * Takes the lock.
   *
   * @throws LocalFailure naming the process that has it
   */
  static InstanceLock take(Path run) {
    var pidFile = new PidFile(run.resolve("up.pid"));
    try {
      Files.createDirectories(run);
      FileChannel channel =
          FileChannel.open(
              run.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        String who = pidFile.process().map(p -> ", pid " + p.pid()).orElse("");
        throw new LocalFailure(
            "It is already running%s (in %s). Stop it with Ctrl-C there, or: kill%s"
                .formatted(who, run.getParent(), who.replace(", pid", "")));
      }
      pidFile.write(ProcessHandle.current());
      return new InstanceLock(channel, pidFile);
    } catch (IOException e) {
      throw new LocalFailure("cannot use " + run + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    pidFile.delete();
    try {
      channel.close();
    } catch (IOException e) {
      throw new LocalFailure("cannot release the lock: " + e.getMessage(), e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }
}
