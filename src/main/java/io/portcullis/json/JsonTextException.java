package io.portcullis.json;

/**
 * A text is not JSON as RFC 8259 has it, or is more than the limits allow. The message says what
 * and where and is fit for the sender of the text; it quotes at most a member name of the text
 * itself. Stackless: it is an expected answer to bad input.
 */
public final class JsonTextException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String problem;
  private final int line;
  private final int column;

  JsonTextException(String problem, int line, int column) {
    super(
        line > 0 ? problem + " at line " + line + ", column " + column : problem,
        null,
        false,
        false);
    this.problem = problem;
    this.line = line;
    this.column = column;
  }

  /** What is wrong, without the place. */
  public String problem() {
    return problem;
  }

  /** The line, from 1; 0 when the text as a whole is wrong. */
  public int line() {
    return line;
  }

  /** The column in UTF-16 units, from 1; 0 when the text as a whole is wrong. */
  public int column() {
    return column;
  }
}
