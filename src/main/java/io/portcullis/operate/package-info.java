/**
 * Health, metrics and the management listener. May import every room right of it on the floor plan.
 */
@NullMarked
package io.portcullis.operate;

import org.jspecify.annotations.NullMarked;
