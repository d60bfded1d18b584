namespace RecordingVault.Cli.Account;

/// <summary>Which vault a command speaks to: VAULT_ADDRESS and VAULT_TOKEN where they are set, and the kept sign-in for what they leave open.</summary>
internal static class CurrentSignIn
{
    public const string AddressVariable = "VAULT_ADDRESS";
    public const string TokenVariable = "VAULT_TOKEN";

    public static SignIn Read()
    {
        var (address, token) = (Variable(AddressVariable), Variable(TokenVariable));
        var kept = address is null || token is null ? SignInFile.Read() : null;
        var place = address is null ? kept?.Address : VaultAddress.Parse(address);
        // A kept token is for the vault that it was given for, whatever the address says now.
        var secret = token is not null ? SignIn.CheckToken(token) : place == kept?.Address ? kept?.Token : null;
        return place is not null && secret is not null
            ? new SignIn(place, secret)
            : throw new CommandException(ExitCode.NotSignedIn, $"You are not signed in{(place is null ? "" : $" to {place}")}. Run `vault login https://vault.example`, or set {AddressVariable} and {TokenVariable}.");
    }

    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
