/** One small class per command of the command line. */
@NullMarked
package io.portcullis.command;

import org.jspecify.annotations.NullMarked;
