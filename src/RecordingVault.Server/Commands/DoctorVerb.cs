using System.CommandLine;
using RecordingVault.Server.Commands.Checks;

namespace RecordingVault.Server.Commands;

/// <summary>`doctor`: looks at everything that the vault stands on and says what is safe and what is not, with the cure. Exit code 1 when something is unsafe.</summary>
internal static class DoctorVerb
{
    public static Command Command()
    {
        var command = new Command("doctor", "Check root key, database, store, address and machine; says what is safe.");
        command.SetAction((_, cancellationToken) => RunAsync(cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var opened = OpenedVault.Describe();
        await using var scope = opened.Services.CreateAsyncScope();
        var findings = await ActivatorUtilities.CreateInstance<VaultExamination>(scope.ServiceProvider).RunAsync(cancellationToken);
        return Print(findings, Console.Out);
    }

    /// <summary>Writes the findings, the worst last, and returns the exit code.</summary>
    public static int Print(IReadOnlyList<Finding> findings, TextWriter writer)
    {
        foreach (var finding in findings.OrderBy(finding => finding.Verdict))
        {
            writer.WriteLine($"{Word(finding.Verdict),-6} {finding.Subject}: {finding.Says}");
            foreach (var line in finding.Cure?.Split('\n') ?? [])
                writer.WriteLine($"       {line}".TrimEnd());
        }

        var unsafeOnes = findings.Count(finding => finding.Verdict == Verdict.Unsafe);
        writer.WriteLine();
        writer.WriteLine(unsafeOnes == 0 ? "Nothing unsafe was found." : $"{unsafeOnes} unsafe.");
        return unsafeOnes == 0 ? 0 : 1;
    }

    private static string Word(Verdict verdict) => verdict switch { Verdict.Ok => "ok", Verdict.Look => "look", _ => "UNSAFE" };
}
