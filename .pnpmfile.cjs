// Ctrl-C in `pnpm downhill` is the app's to answer: it writes a checkpoint and exits with 130. pnpm would end at once
// and take the app with it; with a listener it waits for the app and passes its exit code on.
if (process.argv[2] === "downhill") process.on("SIGINT", () => {});
