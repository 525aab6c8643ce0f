package io.middleware.core.call;

import io.middleware.core.Call;
import io.middleware.core.Deadline;
import io.middleware.core.balancing.StickyKey;
import io.middleware.core.directory.Service;
import io.middleware.core.instance.Instance;
import io.middleware.core.instance.Transport;
import io.middleware.core.record.CallRecord;
import io.middleware.core.record.Trace;
import org.jspecify.annotations.Nullable;

/** What all attempts of a call share. {@code key}: by what it is sticky; null if it is not. */
record AttemptContext(
        CallDependencies dependencies,
        Call call,
        Service service,
        Service.Method method,
        Deadline deadline,
        RequestBuffer request,
        CallRecord record,
        @Nullable StickyKey key) {

    /** Opens the stream of an attempt; see {@link Transport#open}. */
    Transport.Stream open(Instance instance, int before, Transport.Listener listener) {
        Trace trace = record.trace();
        String traceparent = trace == null ? null : trace.traceparent(before + 1);
        return dependencies.transport().open(call, instance, deadline.leftToCaller(), before, traceparent, listener);
    }
}
