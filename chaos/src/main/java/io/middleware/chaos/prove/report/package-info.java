/**
 * What a proof says: {@code ProofText} for the terminal, {@code ProofPage} as a page, both in the language of {@code
 * Texts}.
 */
@NullMarked
package io.middleware.chaos.prove.report;

import org.jspecify.annotations.NullMarked;
