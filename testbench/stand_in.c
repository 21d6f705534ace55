// Nothing: the program that is linked with this library has what libringproof would bring.

typedef int ringproof_stand_in_is_empty;
