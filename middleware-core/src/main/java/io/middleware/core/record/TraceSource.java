package io.middleware.core.record;

import io.middleware.core.Call;
import org.jspecify.annotations.Nullable;

/** Says of each call which trace it belongs to. */
@FunctionalInterface
public interface TraceSource {
    /** Called when a call comes in, on its thread. Null if it belongs to none; then its headers pass as they are. */
    @Nullable
    Trace of(Call call);
}
