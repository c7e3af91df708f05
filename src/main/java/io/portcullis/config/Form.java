package io.portcullis.config;

import java.util.function.Function;

/**
 * How a value of one type is written, the same in the file and in the environment.
 *
 * @param expected what a right value looks like, for errors and for the table in the docs: {@code a
 *     duration from 1s to 1h}
 * @param sample a right value
 * @param parser reads it; throws {@link BadValueException}
 */
record Form<T>(String expected, String sample, Function<String, T> parser) {
  T parse(String text) {
    return parser.apply(text.strip());
  }

  <R> Form<R> map(Function<T, R> after) {
    return new Form<>(expected, sample, parser.andThen(after));
  }
}
