package io.portcullis.command;

import io.portcullis.model.TokenBinding;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code none}, {@code dpop} or {@code mtls}. */
final class BindingName implements ITypeConverter<TokenBinding> {
  @Override
  public TokenBinding convert(String value) {
    return TokenBinding.labelled(value)
        .orElseThrow(
            () -> new TypeConversionException("expected none, dpop or mtls but was " + value));
  }
}
