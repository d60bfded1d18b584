using Microsoft.Win32.SafeHandles;
using RecordingVault.Cli;
using RecordingVault.Cli.Account;

using var standardOutput = OpenStandardOutput();
var terminal = new Terminal(standardOutput, Console.Out, Console.Error)
{
    In = Console.In,
    AskHidden = Console.IsInputRedirected ? null : HiddenLine.AskAsync,
    IsScreen = !Console.IsErrorRedirected,
};
return await VaultProgram.RunAsync(args, terminal, CancellationToken.None);

// The console's stream does not tell that the reader of a pipe is gone, and would go on opening chunks for nobody; a file's position is its business.
static Stream OpenStandardOutput()
{
    if (OperatingSystem.IsWindows()) return Console.OpenStandardOutput();
    var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
    return pipe.CanSeek ? Console.OpenStandardOutput() : pipe;
}
