using System.CommandLine;
using RecordingVault.Cli.Account;
using RecordingVault.Cli.Output;
using RecordingVault.Cli.Talk;

namespace RecordingVault.Cli.Commands;

/// <summary>`vault login` and `vault logout`: whether the vault knows the token, and where it is kept until it is given up.</summary>
internal static class LoginCommand
{
    private const int LongestSecret = 1_024;

    public static Command Create(Terminal terminal)
    {
        var address = new Argument<string?>("ADDRESS") { Description = $"Where the vault is, as https://vault.example. Without it {CurrentSignIn.AddressVariable}, or the vault of the last login.", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string?>("--token-file") { HelpName = "FILE", Description = $"A file that holds the token; - for standard input. Without it {CurrentSignIn.TokenVariable}, what is piped in, or a question." };
        var command = new Command("login", "Keeps a vault's address and your token for the next commands.") { address, file };
        command.SetAction(async (asked, cancellationToken) =>
        {
            var written = asked.GetValue(address) ?? CurrentSignIn.Variable(CurrentSignIn.AddressVariable);
            var place = written is not null ? VaultAddress.Parse(written)
                : SignInFile.Read()?.Address ?? throw new CommandException(ExitCode.Usage, "Which vault? Name it: vault login https://vault.example");
            var signIn = new SignIn(place, SignIn.CheckToken(await TokenAsync(asked.GetValue(file), terminal, cancellationToken)));
            using var vault = new VaultClient(signIn);
            var tenant = await vault.AskAsync(vault.Request(HttpMethod.Get, "/api/v1/tenant"), MessageJson.Default.TenantAnswer, cancellationToken);
            if (tenant.Id == Guid.Empty || tenant.Name is null || tenant.Role is null) throw vault.Strange();
            await SignInFile.WriteAsync(signIn, cancellationToken);
            await terminal.Out.WriteLineAsync($"Signed in to {place.Authority}: {ShownText.Of(tenant.Name)}, as {ShownText.Of(tenant.Role)}. The token is kept in {SignInFile.Path}, readable by you alone.");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    public static Command CreateLogout(Terminal terminal)
    {
        var command = new Command("logout", "Removes the kept token from this machine. The vault still knows it: stop it there if it is not to be used again.");
        command.SetAction(async (_, _) =>
        {
            await terminal.Out.WriteLineAsync(SignInFile.Remove() ? "Signed out: the token is no longer kept here." : "Nobody was signed in here.");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static async Task<string> TokenAsync(string? file, Terminal terminal, CancellationToken cancellationToken)
    {
        if (file is not null && file != "-") return await SecretFile.ReadAsync(file, LongestSecret, cancellationToken);
        if (file is null && CurrentSignIn.Variable(CurrentSignIn.TokenVariable) is { } token) return token;
        return terminal.AskHidden is { } ask && file is null
            ? await ask("Token (it is not shown): ", cancellationToken)
            : await SecretFile.ReadLineAsync(terminal.In, LongestSecret, cancellationToken);
    }
}
