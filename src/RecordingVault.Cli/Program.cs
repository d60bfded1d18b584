using Microsoft.Win32.SafeHandles;
using RecordingVault.Cli;

using var standardOutput = OpenStandardOutput();
return await VaultProgram.RunAsync(args, new Terminal(standardOutput, Console.Out, Console.Error), CancellationToken.None);

// The console's stream does not tell that the reader of a pipe is gone, and would go on opening chunks for nobody; a file's position is its business.
static Stream OpenStandardOutput()
{
    if (OperatingSystem.IsWindows()) return Console.OpenStandardOutput();
    var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
    return pipe.CanSeek ? Console.OpenStandardOutput() : pipe;
}
