/**
 * Keeps the records of unusual calls, and of a few others, and tells why a call went where it went.
 *
 * <p>Begin with {@link io.middleware.gateway.recorder.Recorder}, which keeps the records. {@code Narrator} tells one in sentences, whose
 * texts are in {@code why.properties}; {@code CallStory} and {@code EntryBuilder} give it as data; {@code Rehearsal} plays them again, and {@code WhatIf} with other settings. {@code RecorderDocuments}
 * serves all of this below {@code /dashboard/calls/}.
 */
@NullMarked
package io.middleware.gateway.recorder;

import org.jspecify.annotations.NullMarked;
