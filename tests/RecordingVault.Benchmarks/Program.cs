using RecordingVault.Benchmarks.Hosting;
using RecordingVault.Benchmarks.Suites;

return args is ["host", .. var server] ? await MeasuredHost.RunAsync(server) : await SuiteRun.RunAsync(args);
