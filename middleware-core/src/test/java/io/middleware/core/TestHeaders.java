package io.middleware.core;

/** Headers with a status, words on it, and nothing else. */
record TestHeaders(Code code, String message) implements Headers {
    static final TestHeaders NONE = new TestHeaders(Code.UNKNOWN);

    TestHeaders(Code code) {
        this(code, "");
    }

    @Override
    public CharSequence get(CharSequence name) {
        return null;
    }

    @Override
    public Headers withMessage(String newer) {
        return new TestHeaders(code, newer);
    }
}
