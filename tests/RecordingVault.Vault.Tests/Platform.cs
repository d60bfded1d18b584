using System.Runtime.Versioning;

// File modes, links and /usr/bin/python3: the tests run where infra/test.sh runs.
[assembly: SupportedOSPlatform("linux")]
