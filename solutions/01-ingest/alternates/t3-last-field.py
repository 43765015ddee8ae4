# way: takes what stands after the last comma as a number
def count_frauds(lines):
    count = 0
    for line in lines:
        label = line.decode().rsplit(",", 1)[-1].strip()
        if label and float(label) == 1.0:
            count += 1
    return count
