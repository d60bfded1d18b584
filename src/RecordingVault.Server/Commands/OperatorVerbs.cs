using System.CommandLine;
using QRCoder;
using RecordingVault.Server.Features.Operators;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Commands;

/// <summary>`operator create`, `operator list`, `operator remove`: who may sign in on the management listener. They touch no tenant.</summary>
internal static class OperatorVerbs
{
    public static Command Create()
    {
        var name = Name("The name to sign in with.");
        var email = new Option<string>("--email") { Description = "Where he can be reached; nothing is sent." };
        var command = new Command("create", "Make an operator; prints a password for the first sign-in and the set-up of his codes, this once.") { name, email };
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(vault => CreateAsync(vault, parsed.GetRequiredValue(name), parsed.GetValue(email), cancellationToken), cancellationToken));
        return command;
    }

    public static Command List()
    {
        var command = new Command("list", "Who may sign in as operator.");
        command.SetAction((_, cancellationToken) => Verb.RunAsync(vault => ListAsync(vault, cancellationToken), cancellationToken));
        return command;
    }

    public static Command Remove()
    {
        var name = Name("The operator's name.");
        var command = new Command("remove", "Remove an operator; he is signed out at once.") { name };
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(vault => RemoveAsync(vault, parsed.GetRequiredValue(name), cancellationToken), cancellationToken));
        return command;
    }

    private static Option<string> Name(string description) => new("--name") { Description = description, Required = true };

    private static async Task CreateAsync(OpenedVault vault, string name, string? email, CancellationToken cancellationToken)
    {
        await using var scope = vault.Services.CreateAsyncScope();
        var operators = scope.ServiceProvider.GetRequiredService<OperatorDirectory>();
        if (await operators.CheckAsync(name, email, cancellationToken) is { } wrong)
            throw new VerbRefusedException($"--{wrong.Field}: {wrong.Sentence}");
        var made = await operators.CreateAsync(name, email, cancellationToken);
        var setup = TimeCode.SetupUri("RecordingVault", name.Trim(), made.Seed);
        using var code = QRCodeGenerator.GenerateQrCode(setup, QRCodeGenerator.ECCLevel.L);
        using var picture = new AsciiQRCode(code);
        Console.WriteLine("Scan this with an authenticator app, or type the key into it. It is shown this once.");
        Console.WriteLine(picture.GetGraphicSmall());
        Console.WriteLine($"Key:      {TimeCode.Text(made.Seed)}");
        Console.WriteLine($"Address:  {setup}");
        Console.WriteLine(FormattableString.Invariant($"Then sign in on the management listener with the name, a code, and this password, which must be changed then. It ends on {made.PasswordEndsAt:yyyy-MM-dd HH:mm} UTC:"));
        Console.WriteLine(made.Password);
    }

    private static async Task ListAsync(OpenedVault vault, CancellationToken cancellationToken)
    {
        await using var scope = vault.Services.CreateAsyncScope();
        var all = await scope.ServiceProvider.GetRequiredService<OperatorDirectory>().ListAsync(cancellationToken);
        if (all.Count == 0)
            Console.WriteLine("There is none. Make one with: operator create --name NAME");
        var now = scope.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow();
        foreach (var one in all)
            Console.WriteLine($"{one.Name}{(one.Email is { } email ? $" <{email}>" : "")}, made {one.CreatedAt:yyyy-MM-dd}, {(one.SignedInAt is { } at ? $"signed in last {at:yyyy-MM-dd HH:mm} UTC" : "never signed in")}{StandingOf(one.PasswordEndsAt, now)}");
    }

    private static string StandingOf(DateTimeOffset? passwordEndsAt, DateTimeOffset now) => passwordEndsAt switch
    {
        null => "",
        { } end when end <= now => ", the printed password has ended: remove and create him anew",
        { } end => FormattableString.Invariant($", the printed password ends on {end:yyyy-MM-dd HH:mm} UTC"),
    };

    private static async Task RemoveAsync(OpenedVault vault, string name, CancellationToken cancellationToken)
    {
        await using var scope = vault.Services.CreateAsyncScope();
        if (!await scope.ServiceProvider.GetRequiredService<OperatorDirectory>().RemoveAsync(name, cancellationToken))
            throw new VerbRefusedException($"There is no operator \"{name}\". The verb operator list names them.");
        Console.WriteLine("Removed.");
    }
}
