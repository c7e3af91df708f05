package io.portcullis.audit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** What the journal's writer asks of a disk: the seam where tests let it fill up and fail. */
interface JournalDisk {
  /** A new file, its name durable. */
  Output create(Path file) throws IOException;

  /** A file being written, from its beginning to its end. */
  interface Output extends Closeable {
    /** Appends all of the bytes. */
    void write(ByteBuffer bytes) throws IOException;

    /** Returns when everything appended is on disk. */
    void force() throws IOException;

    /** Cuts the file to this length. */
    void truncate(long length) throws IOException;
  }

  /** The real one. */
  static JournalDisk in(JournalFolder folder) {
    return file -> new FileOutput(folder.create(file));
  }

  /** A file of the operating system. */
  record FileOutput(FileChannel file) implements Output {
    @Override
    public void write(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    }

    @Override
    public void force() throws IOException {
      file.force(false);
    }

    @Override
    public void truncate(long length) throws IOException {
      file.truncate(length);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
