using RecordingVault.Cli;

using var standardOutput = Console.OpenStandardOutput();
return await VaultProgram.RunAsync(args, new Terminal(standardOutput, Console.Out, Console.Error), CancellationToken.None);
