using System.Diagnostics;
using System.Text.Json;
using RecordingVault.Vault.Format;

namespace RecordingVault.Vault.Tests.Vectors;

/// <summary>Every case of tests/vectors, by our code and by the independent reader.</summary>
public sealed class VectorTests
{
    public static TheoryData<string> Cases => [.. VectorCase.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_case_comes_out_as_its_file_says(string name)
    {
        var vector = VectorCase.Load(name);
        using var taken = new TakenBytes();
        string result;
        try
        {
            await VectorRun.RunAsync(vector, taken);
            result = "ok";
        }
        catch (SealedFormatException problem)
        {
            result = FailureClass(problem.Failure);
        }

        Assert.Equal(vector.Result, result);
        if (result != "ok") Assert.InRange(taken.Length, 0, vector.Released);
    }

    [Fact]
    public void There_are_the_cases_that_we_know_of() => Assert.True(VectorCase.Names.Count() >= 360);

    [Fact]
    public void Every_failure_class_has_a_case()
    {
        var classes = VectorCase.Names.Select(name => VectorCase.Load(name).Result).ToHashSet();

        Assert.Empty(Enum.GetValues<FormatFailure>().Select(FailureClass).Except(classes));
        Assert.Empty(classes.Except(Enum.GetValues<FormatFailure>().Select(FailureClass).Append("ok")));
    }

    [Fact]
    public async Task The_independent_reader_agrees_on_all_of_them()
    {
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(VectorCase.Folder, "run.py")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What Python compiles is none of the checkout's.
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var python = Process.Start(start)!;

        var errors = python.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("", await errors);
        Assert.EndsWith($"{VectorCase.Names.Count()} cases, 0 wrong\n", output);
    }

    // bad-length and BadLength are one word.
    private static string FailureClass(FormatFailure failure) => JsonNamingPolicy.KebabCaseLower.ConvertName(failure.ToString());
}
