package io.portcullis.tls;

import java.nio.file.Path;

/** A file of this node's TLS material that cannot be used; the message begins with its name. */
public final class BadMaterialException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadMaterialException(Path file, String what) {
    super(file + ": " + what, null, false, false);
  }
}
