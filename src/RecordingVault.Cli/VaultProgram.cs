using System.CommandLine;
using RecordingVault.Cli.Commands;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Cli;

/// <summary>The commands of `vault`, and what becomes of their failures.</summary>
internal static class VaultProgram
{
    /// <summary>An interrupted command tidies up at the vault first, for which it asks once, and not for long.</summary>
    private static readonly TimeSpan s_tidying = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken)
    {
        var root = new RootCommand("Brings recordings into a RecordingVault, lists and shares them; and reads what one stored with nothing but a copy of its bucket and the root key.")
        {
            LoginCommand.Create(terminal),
            LoginCommand.CreateLogout(terminal),
            UploadCommand.Create(terminal),
            ListCommand.Create(terminal),
            ShareCommand.Create(terminal),
            ExportCommand.Create(terminal),
            UnsealCommand.Create(terminal),
            InspectCommand.Create(terminal),
            VerifyCommand.Create(terminal),
        };
        var parsed = root.Parse(args);
        var configuration = new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = s_tidying };
        try
        {
            var code = await parsed.InvokeAsync(configuration, cancellationToken);
            return parsed.Errors.Count > 0 ? (int)ExitCode.Usage : code;
        }
        catch (OperationCanceledException)
        {
            return await FailAsync(terminal, ExitCode.Interrupted, "Interrupted. What was half written is gone.");
        }
        catch (CommandException problem)
        {
            return await FailAsync(terminal, problem.Code, problem.Message);
        }
        catch (RootKeyException problem)
        {
            return await FailAsync(terminal, ExitCode.Usage, problem.Message);
        }
        catch (SealedFormatException refused)
        {
            return await FailAsync(terminal, Refusals.CodeOf(refused), Refusals.Explain(refused));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return await FailAsync(terminal, ExitCode.InputOutput, problem.Message);
        }
    }

    private static async Task<int> FailAsync(Terminal terminal, ExitCode code, string message)
    {
        await terminal.Error.WriteLineAsync($"vault: {message}");
        return (int)code;
    }
}
