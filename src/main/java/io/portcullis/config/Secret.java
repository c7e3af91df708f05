package io.portcullis.config;

/** A value that never appears in a log, an error or a listing. */
public record Secret(String value) {
  @Override
  public String toString() {
    return "******";
  }
}
