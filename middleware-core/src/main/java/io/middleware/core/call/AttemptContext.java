package io.middleware.core.call;

import io.middleware.core.Call;
import io.middleware.core.Deadline;
import io.middleware.core.directory.Service;

/** What all attempts of a call share. */
record AttemptContext(
        CallDependencies dependencies,
        Call call,
        Service service,
        Service.Method method,
        Deadline deadline,
        RequestBuffer request) {}
