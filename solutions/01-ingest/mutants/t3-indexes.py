# mistake: takes the lines for a list
# points: 1.6 of 2
# message: a generator has no length
def count_frauds(lines):
    count = 0
    for number in range(len(lines)):
        count += parse_line(lines[number])["Class"] == 1
    return count
