using System.CommandLine;

namespace RecordingVault.Server.Commands;

/// <summary>The server's verbs. Without one it serves; what stands after `serve` is the web host's (such as --urls).</summary>
internal static class ServerVerbs
{
    /// <summary>The exit code for a verb that was asked for something that it can't do: wrong words, an unknown name.</summary>
    public const int NotUnderstood = 2;

    private static readonly string[] HelpWords = ["-h", "-?", "--help", "--version"];

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length == 0 || (args[0].StartsWith('-') && !HelpWords.Contains(args[0], StringComparer.Ordinal)))
            return await VaultProgram.ServeAsync(args);
        if (args[0] == "serve" && !args.Any(arg => HelpWords.Contains(arg, StringComparer.Ordinal)))
            return await VaultProgram.ServeAsync(args[1..]);

        var parsed = Root().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync(error.Message);
            await Console.Error.WriteLineAsync("Ask for the words with --help.");
            return NotUnderstood;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }, CancellationToken.None);
    }

    public static RootCommand Root() => new("Recordings under your own key. Without a verb it serves.")
    {
        new Command("serve", "Serve the vault (the default). Further arguments are the web host's, such as --urls http://localhost:9000."),
        MigrateVerb.Command(),
        DoctorVerb.Command(),
        new Command("storage", "Where sealed objects lie.") { StorageVerbs.Move() },
        new Command("tenant", "Organisations.") { TenantVerbs.Create() },
        new Command("operator", "Who runs the machine and signs in on the management listener.") { OperatorVerbs.Create(), OperatorVerbs.List(), OperatorVerbs.Remove() },
        new Command("member", "People with an account.") { MemberVerbs.Create(), MemberRecoveryVerbs.Reset(), MemberRecoveryVerbs.Address(), MemberRecoveryVerbs.SecondFactor() },
        new Command("token", "API tokens.") { TokenVerbs.Create() },
    };
}
