/**
 * What callers did and were told. Begin with {@code Submission}: one request and its end. Several submissions with one
 * key are one {@code Operation}.
 */
@NullMarked
package io.middleware.chaos.prove.history;

import org.jspecify.annotations.NullMarked;
